"""People, teams, organisations, sites and skills: records like any other, their credentials apart."""
