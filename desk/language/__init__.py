"""Writing for people: texts born locale-free, their translations, formats, spans, and the labels all rooms share."""
