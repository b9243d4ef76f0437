"""The tools of the translations: sentences found in the source, catalogue files written, compiled and checked."""
