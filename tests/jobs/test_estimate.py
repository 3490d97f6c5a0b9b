"""The time that a job takes, by what goes before it in the queue of an account."""

from offorte_portal.jobs.estimate import Beside, Estimate, count_before, latest, with_unplanned

SAM, MIA = 1, 2


def at_thirty_a_minute(changes: int, beside: Beside) -> Estimate:
    before = count_before(changes, beside)
    return Estimate((changes + before) * 2.0, changes, before)


def test_changes_queued_before_take_their_part_of_the_time() -> None:
    estimate = at_thirty_a_minute(270, Beside(singles=20, others={SAM: [70]}))
    assert (estimate.minutes, estimate.minutes_before, estimate.before) == (12, 3, 90)


def test_alone_nothing_goes_before() -> None:
    estimate = at_thirty_a_minute(60, Beside())
    assert (estimate.minutes, estimate.minutes_before, estimate.before) == (2, 0, 0)


def test_a_small_job_waits_for_as_many_changes_of_a_large_one_as_it_has_itself() -> None:
    assert count_before(10, Beside(others={SAM: [5_000]})) == 10
    assert count_before(5_000, Beside(others={SAM: [10]})) == 10


def test_people_take_turns_whatever_the_number_of_their_jobs() -> None:
    assert count_before(10, Beside(others={SAM: [500, 500, 500], MIA: [3]})) == 13


def test_own_jobs_take_turns_and_give_others_more_of_them() -> None:
    assert count_before(10, Beside(own=[500])) == 10
    assert count_before(10, Beside(own=[500], others={SAM: [500]})) == 30


def test_single_changes_all_go_before() -> None:
    assert count_before(1, Beside(singles=40)) == 40


def test_the_slowest_account_decides() -> None:
    slow = Estimate(300, 10, 140)
    assert latest([Estimate(20, 10, 0), slow]) is slow
    assert latest([]) == Estimate(0, 0, 0)


def test_rows_that_are_not_planned_yet_count_as_one_change_each() -> None:
    estimate = with_unplanned(Estimate(60, 30, 0), 60, 2.0)
    assert (estimate.minutes, estimate.changes) == (3, 90)


def test_a_moment_is_shown_as_a_minute() -> None:
    assert Estimate(0, 1, 0).minutes == 1
