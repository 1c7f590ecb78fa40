from hypothesis import settings

settings.register_profile("values", max_examples=150, deadline=None)
settings.load_profile("values")
