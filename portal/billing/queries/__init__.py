"""Reads of billing, one module a noun. What a company may see is loaded through the person who asks."""
