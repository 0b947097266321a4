"""What citizens wrote about in a period: grouped, named in their own words, compared with before."""
