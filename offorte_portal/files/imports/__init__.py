"""Imports of uploaded tables: reading them, mapping their columns to fields, and examining each row."""
