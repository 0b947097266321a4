"""WeCom: one company, one app, its members' phones."""
