"""Reading Chinese prose: which figures and years a report states of the project as a whole.

What is not surely said of the whole project is not read: a source, an item, another year, a plan,
a rounded figure.
"""
