"""Text to value: what people write into a form's cells, read exactly or not at all.

Every reader is a pure function that answers None (or an empty tuple) for a text it does not
wholly understand: an unread value is better than a wrong one.
"""
