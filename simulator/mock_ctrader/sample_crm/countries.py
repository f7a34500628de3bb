"""The countries that this broker takes clients from.

The key is what browsers fill in by themselves (ISO 3166-1 alpha-2); the number is cTrader's ``countryId``, which is the
numeric code of the same standard.
"""

COUNTRIES = {
    "AR": (32, "Argentina", "Argentina"),
    "AU": (36, "Australia", "Australia"),
    "AT": (40, "Austria", "Austria"),
    "BE": (56, "Belgium", "Bélgica"),
    "BR": (76, "Brazil", "Brasil"),
    "CA": (124, "Canada", "Canadá"),
    "CL": (152, "Chile", "Chile"),
    "CO": (170, "Colombia", "Colombia"),
    "CY": (196, "Cyprus", "Chipre"),
    "CZ": (203, "Czechia", "Chequia"),
    "DK": (208, "Denmark", "Dinamarca"),
    "EE": (233, "Estonia", "Estonia"),
    "FI": (246, "Finland", "Finlandia"),
    "FR": (250, "France", "Francia"),
    "DE": (276, "Germany", "Alemania"),
    "GR": (300, "Greece", "Grecia"),
    "IN": (356, "India", "India"),
    "IE": (372, "Ireland", "Irlanda"),
    "IT": (380, "Italy", "Italia"),
    "JP": (392, "Japan", "Japón"),
    "MX": (484, "Mexico", "México"),
    "NL": (528, "Netherlands", "Países Bajos"),
    "NZ": (554, "New Zealand", "Nueva Zelanda"),
    "NO": (578, "Norway", "Noruega"),
    "PE": (604, "Peru", "Perú"),
    "PL": (616, "Poland", "Polonia"),
    "PT": (620, "Portugal", "Portugal"),
    "SG": (702, "Singapore", "Singapur"),
    "ZA": (710, "South Africa", "Sudáfrica"),
    "ES": (724, "Spain", "España"),
    "SE": (752, "Sweden", "Suecia"),
    "CH": (756, "Switzerland", "Suiza"),
    "AE": (784, "United Arab Emirates", "Emiratos Árabes Unidos"),
    "GB": (826, "United Kingdom", "Reino Unido"),
    "US": (840, "United States", "Estados Unidos"),
    "UY": (858, "Uruguay", "Uruguay"),
}


def country_id(code: str) -> int | None:
    """Return cTrader's number of a country; None, if we do not know where the user lives."""
    return COUNTRIES[code][0] if code else None


def country_code(number: object) -> str:
    """Return the code of the country that has this number at cTrader; empty, if we have no such country."""
    return next((code for code, names in COUNTRIES.items() if names[0] == number), "")


def country_choices(language: str) -> list[tuple[str, str]]:
    """Return code and name of every country, in the order of the language's names."""
    column = 2 if language == "es" else 1
    return sorted(((code, str(names[column])) for code, names in COUNTRIES.items()), key=lambda choice: choice[1])
