"""An OOXML package edited in place: what is not touched stays as it is, byte by byte."""
