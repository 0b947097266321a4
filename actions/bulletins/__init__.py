"""Bulletins 简报: the figures of a finished period, made once and sent by themselves."""
