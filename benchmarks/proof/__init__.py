"""Whether a marked copy differs from its original by our marks only: an eye of its own.

Nothing here knows how the copy is made; it reads both packages with `zipfile` and lxml.
"""
