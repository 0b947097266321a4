"""The pages that citizens see in a browser, and what keeps them."""
