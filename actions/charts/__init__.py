"""Pictures of figures, drawn for a phone: a trend, a ranking, the hours of the week."""
