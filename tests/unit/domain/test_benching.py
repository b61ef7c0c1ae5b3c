"""What several tokens cost, in times of one."""

from app.domain.benching import Verifying


def test_costs_are_told_in_times_of_a_single_token() -> None:
    costs = Verifying(milliseconds={1: 4.0, 2: 6.0}, grid=(1, 2))
    assert (costs.ratio(1), costs.ratio(2)) == (1.0, 1.5)
    # Through JSON the numbers of tokens become words and numbers again.
    assert Verifying.model_validate_json(costs.model_dump_json()) == costs
