"""What people enter in the forms of different countries."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Locale:
    """A country in one of its languages, as Faker names it; ``#`` stands for a digit and ``?`` for a letter."""

    country: str
    """ISO 3166 alpha-2."""
    phone: str
    """In international form, of a range that reaches nobody."""
    document: str
    """An identity document or tax number: its form alone, a check digit in it is right only by chance."""


# Set aside for fiction by the countries' regulators: US, GB, AU, IE, FR, DE, SE. Elsewhere numbers of the right length
# that cannot be: no national number begins with 0, in Italy none of ten digits with 1, in Japan none with 00.
LOCALES: Mapping[str, Locale] = {
    "en_US": Locale("US", "+1202555####", "666-##-####"),
    "en_GB": Locale("GB", "+447700900###", "QQ######C"),
    "en_AU": Locale("AU", "+6125550####", "PA#######"),
    "en_IE": Locale("IE", "+35320910####", "#######?"),
    "fr_FR": Locale("FR", "+336399800##", "############"),
    "de_DE": Locale("DE", "+493023125###", "L########"),
    "sv_SE": Locale("SE", "+468465004##", "######-####"),
    "es_ES": Locale("ES", "+34000000###", "0000####?"),
    "it_IT": Locale("IT", "+391000000###", "CA#####??"),
    "pt_BR": Locale("BR", "+5500000000###", "000.###.###-##"),
    "pl_PL": Locale("PL", "+48000000###", "???######"),
    "nl_NL": Locale("NL", "+31000000###", "000######"),
    "cs_CZ": Locale("CZ", "+420000000###", "#########"),
    "el_GR": Locale("GR", "+300000000###", "?? ######"),
    "ja_JP": Locale("JP", "+81000000###", "############"),
}
