"""Rules that other packages bring along: modules named under the entry point `xlsx_eval.rules`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from xlsx_eval.errors import UsageError
from xlsx_eval.rules.registry import all_or_nothing

GROUP = "xlsx_eval.rules"


@cache
def load_plugins() -> None:
    """Import, once, the modules whose import declares rules with `@rule`.

    Raises UsageError naming the package of a module that can't be imported or whose rules can't be
    taken in.
    """
    points = entry_points(group=GROUP)
    for point in sorted(points, key=lambda each: (each.dist.name if each.dist else "", each.name)):
        package = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
        try:
            with all_or_nothing():
                point.load()
        except Exception as error:  # whatever a stranger's module raises
            reason = str(error) or type(error).__name__
            raise UsageError(
                f"the rules of the package {package} ({point.value}) cannot be used: {reason}; "
                "mend the package or uninstall it"
            ) from error
