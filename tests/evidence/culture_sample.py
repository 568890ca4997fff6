"""A study for the tests of the evidence on culture: any district, resampled little."""

from dme.study import Study

HARTFORD = Study().district


def study(district: str = HARTFORD, **more: object) -> Study:
    """Return a study of a district among the peers of Hartford's study."""
    peers = tuple(code for code in Study().peers if code != district)
    return Study(district=district, **({"peers": peers, "resamples": 200} | more))
