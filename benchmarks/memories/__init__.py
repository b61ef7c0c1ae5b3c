"""Made-up memories in any number, and what finding among them takes."""
