"""Writing for people: texts without a language, translations, formats of values, and labels of vocabularies."""
