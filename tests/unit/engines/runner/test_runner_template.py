"""Chat templates: what real ones need works, what hostile ones try does not."""

import pytest

from app.engines.runner.sandbox import MAX_TEXT
from app.engines.runner.template import ChatTemplate, TemplateFailed

THREAD = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": " Hi "}]


def test_a_file_without_template_gets_chatml() -> None:
    assert ChatTemplate("").render(THREAD) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n Hi <|im_end|>\n"
        "<|im_start|>assistant\n"
    )


def test_what_real_templates_use_works() -> None:
    source = """
{%- set ns = namespace(first=true) -%}
{{- bos_token -}}
{%- for message in messages -%}
    {%- if loop.first and message.role == 'system' %}{% continue %}{% endif -%}
    {%- if 'x' in message['content'] %}{{ message.content.split('x')[-1] }}{% endif -%}
    {{- '[' ~ message['role'] + ':' + message['content'] | trim ~ ']' -}}
    {%- generation %}{{ loop.index0 % 2 }}{{ loop.length }}{% endgeneration -%}
{%- endfor -%}
{%- for i in range(3) %}{{ i }}{% endfor -%}
{{- {'a': [1, 'ü']} | tojson }}{{ tools is none }}{{ add_generation_prompt }}{{ eos_token -}}
"""
    rendered = ChatTemplate(source, bos="<s>", eos="</s>").render(THREAD)
    assert rendered == '<s>[user:Hi]12012{"a": [1, "ü"]}TrueTrue</s>'


def test_the_template_may_refuse_in_its_own_words() -> None:
    template = ChatTemplate("{{ raise_exception('Roles must alternate') }}")
    with pytest.raises(TemplateFailed, match="Roles must alternate") as caught:
        template.render(THREAD)
    assert caught.value.refused


def test_a_date_can_be_asked_for() -> None:
    assert len(ChatTemplate("{{ strftime_now('%Y-%m-%d') }}").render(THREAD)) == 10


HOSTILE = {
    "long range": "{% for i in range(10**9) %}{% endfor %}",
    "long range, plain": "{% for i in range(1000000000) %}{% endfor %}",
    "nested loops": (
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"
    ),
    "recursive macro": "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
    "huge text": "{{ 'a' * 1000000000 }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "doubling": (
        "{% set ns = namespace(t='aaaaaaaa') %}{% for i in range(60) %}"
        "{% set ns.t = ns.t + ns.t %}{% endfor %}{{ ns.t }}"
    ),
    "doubling with tilde": (
        "{% set ns = namespace(t='aaaaaaaa') %}{% for i in range(60) %}"
        "{% set ns.t = ns.t ~ ns.t %}{% endfor %}{{ ns.t }}"
    ),
    "doubling with replace": (
        "{% set ns = namespace(t='aaaaaaaa') %}{% for i in range(60) %}"
        "{% set ns.t = ns.t.replace('a', 'aa') %}{% endfor %}{{ ns.t }}"
    ),
    "doubling with join": (
        "{% set ns = namespace(t='aaaaaaaa') %}{% for i in range(60) %}"
        "{% set ns.t = [ns.t, ns.t] | join %}{% endfor %}{{ ns.t }}"
    ),
    "wide text": "{{ 'a'.ljust(1000000000) }}",
    "wide format": "{{ '{:>1000000000}'.format(1) }}",
    "wide percent": "{{ '%1000000000d' % 1 }}",
    "wide indent": "{{ 'a\nb' | indent(1000000000) }}",
    "wide date": "{{ strftime_now('%1000000000Y') }}",
    "much output": (
        "{% for i in range(9999) %}{% for j in range(40) %}{{ 'a' * 1000 }}{% endfor %}{% endfor %}"
    ),
    "way out": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "way out by globals": "{{ range.__globals__['x'] }}",
    "changes the input": "{{ messages.append(1) }}",
    "no such file": "{% include 'passwd' %}",
    "broken": "{% for %}",
    "unknown filter": "{{ 1 | attr('x') }}",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_templates_fail_clearly(source: str) -> None:
    with pytest.raises(TemplateFailed, match="chat template") as caught:
        ChatTemplate(source).render(THREAD)
    assert not caught.value.refused


def test_a_budget_is_for_one_rendering() -> None:
    template = ChatTemplate(
        "{% for i in range(9000) %}{% for j in range(40) %}{% endfor %}{% endfor %}"
    )
    for _ in range(3):
        assert template.render(THREAD) == ""


def test_long_messages_are_no_crime() -> None:
    long = "word " * (MAX_TEXT // 10)
    assert long in ChatTemplate("").render([{"role": "user", "content": long}])
