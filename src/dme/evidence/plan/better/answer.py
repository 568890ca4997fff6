"""What a better plan would look like, in plain words."""

from dme.evidence.plan.better.city import City
from dme.evidence.plan.better.frontier import Frontier
from dme.evidence.result import Measured, Result
from dme.text import plural, quantity


def answer(city: City | str, found: Frontier | None, closures: Result) -> str:
    """Return the answer of the notebook's second part as Markdown."""
    if isinstance(city, str) or found is None:
        return f"- No better plan could be looked for: {city}."
    parts = []
    theirs, ours = found.own.score, found.no_worse
    if ours is not None:
        regraded = ours.score.changed or "none"
        parts.append(
            f"On a model of homes, seats and costs, a plan that displaces no more students than "
            f"the district's own ({100 * theirs.displaced_share:.0f}%) could cost "
            f"**{quantity(theirs.dollars - ours.score.dollars, 'dollars')}** a year less than it, "
            f"by closing {plural(ours.score.closed, 'school')} and changing the grades of "
            f"{regraded}. It gives no worth to middle schools, which the district's plan "
            "sets out to make."
        )
    if isinstance(closures, Measured):
        count = int(closures.estimate.value)
        parts.append(
            f"**{plural(count, 'closure') if count else 'No closure'}** "
            f"{'is' if count < 2 else 'are'} in every nearly best plan"
            + (
                ": costs and seats alone single out no school."
                if not count
                else ", whatever else is chosen."
            )
        )
    return "\n".join(f"- {part}" for part in parts or ["No plan keeps the study's limits."])
