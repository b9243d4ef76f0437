"""Everything about words: texts born locale-free, catalogues, formats, input folding."""
