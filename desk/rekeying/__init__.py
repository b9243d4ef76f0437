"""Brings everything that was encrypted or marked with an older key under the present one, and counts what is left."""
