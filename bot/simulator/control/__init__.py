"""The control API: what tests, the scripted demo and the phone page do with the phones."""
