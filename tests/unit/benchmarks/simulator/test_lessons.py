"""What models answered before becomes rows that can be told from one another."""

from app.domain.chat import ChatMessage
from app.orchestration.gate.gate import Answer
from app.orchestration.question import Question
from benchmarks.simulator.lessons import FOLDS, Lesson, outcomes


def test_rows_come_in_the_order_of_their_lessons() -> None:
    asked = [f"What is {at} plus {at}?" for at in range(3 * FOLDS)]
    questions = [Question(text, (ChatMessage(role="user", content=text),)) for text in asked]
    answers = [Answer(str(2 * at), (-0.1,), (), "stop", 1) for at in range(len(asked))]
    lessons = [
        Lesson("model", "front", question, answer, at % 2 == 0)
        for at, (question, answer) in enumerate(zip(questions, answers, strict=True))
    ]
    rows = outcomes(lessons)
    assert [row.question for row in rows] == [question.key for question in questions]
    assert [row.right for row in rows] == [float(lesson.right) for lesson in lessons]
