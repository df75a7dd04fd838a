"""Our vocabulary in that of data·inclusion v1, code by code.

A word of ours that has no faithful one there is mapped to nothing, and stands in a free text of the
service instead (`publics_precisions`, `mobilisation_precisions`, `description`). A test holds that
every code of `data/vocabulaire.json` is here, and that every value is one of the schema's.
"""

from __future__ import annotations

from collections.abc import Mapping

from cartographie.acteurs import Acces

DROITS = "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits"
DEMARCHES = (
    "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives"
)
JUDICIAIRE = (
    "difficultes-administratives-ou-juridiques--prendre-en-compte-une-problematique-judiciaire"
)
MESURE_ADAPTEE = (
    "difficultes-administratives-ou-juridiques--beneficier-dune-mesure-daccompagnement-adapte"
)
VIOLENCES = "famille--surmonter-conflits-separation-violence"
TEMPORAIRE = "logement-hebergement--rechercher-une-solution-dhebergement-temporaire"
LOGEMENT = "logement-hebergement--sinformer-sur-les-demarches-liees-a-lacces-au-logement"
SOINS = "sante--acces-aux-soins"

THEMATIQUES: Mapping[str, tuple[str, ...]] = {
    "accueil-ecoute": (VIOLENCES,),
    "orientation": (VIOLENCES,),
    "accueil-de-jour": (VIOLENCES,),
    "hebergement-urgence": (TEMPORAIRE,),
    "acces-logement": (LOGEMENT,),
    "accompagnement-social": (DEMARCHES,),
    "information-juridique": (DROITS,),
    "soutien-psychologique": ("sante--sante-mentale",),
    "suivi-procedure": (JUDICIAIRE,),
    "depot-de-plainte": (JUDICIAIRE,),
    "mesures-de-protection": (JUDICIAIRE, VIOLENCES),
    "soins-urgences": (SOINS,),
    "constat-medico-legal": (SOINS,),
    "sante-sexuelle": ("sante--sante-sexuelle",),
    "enfants": (VIOLENCES,),
    "parentalite": ("famille--soutien-a-la-parentalite-et-a-leducation",),
    "prise-en-charge-auteurs": (VIOLENCES,),
    "hebergement-auteurs": (TEMPORAIRE,),
    "sortie-prostitution": (MESURE_ADAPTEE,),
    "droits-des-etrangeres": (DROITS,),
    "insertion-professionnelle": (
        "preparer-sa-candidature--organiser-ses-demarches-de-recherche-demploi",
    ),
    "mobilite": ("mobilite--etre-accompagne-dans-son-parcours-mobilite",),
    # Work among professionals: no theme of a person's need stands for it.
    "reseau-professionnel": (),
    "formation-professionnels": (),
    "prevention": (),
    "pilotage": (),
}

TOUS = "tous-publics"
PUBLICS: Mapping[str, tuple[str, ...]] = {
    "adultes": ("femmes",),
    "toutes-personnes": (TOUS,),
    "enfants": ("familles",),
    "jeunes": ("jeunes",),
    "parents": ("familles",),
    "etrangeres": ("femmes", "personnes-exilees"),
    "personnes-prostituees": ("personnes-en-situation-durgence",),
    "auteurs": ("personnes-en-situation-juridique-specifique",),
    # The schema tells who benefits, not who works with them.
    "professionnels": (),
    "tout-public": (TOUS,),
}

# What a service of this type does first; none where records of a type do unlike things.
TYPES: Mapping[str, str | None] = {
    "LEAO": "accompagnement",
    "ACCUEIL_DE_JOUR": "accompagnement",
    "HEBERGEMENT": "accompagnement",
    "AIDE": "accompagnement",
    "ISCG": "accompagnement",
    "FORCE_ORDRE": None,
    "JUSTICE": "information",
    "SANTE": "accompagnement",
    "ERPE": "accompagnement",
    "AUTEURS": "accompagnement",
    "PROSTITUTION": "accompagnement",
    "CISPD": None,
    "ASSOCIATION": None,
    "INSTITUTION": None,
}

# A free text of ours, folded and without punctuation, that says no more than the schema's word.
FRAIS: Mapping[str, str] = {"gratuit": "gratuit", "gratuite": "gratuit", "payant": "payant"}

MODES_ACCUEIL: Mapping[Acces, tuple[str, ...]] = {
    Acces.DIRECT: ("en-presentiel",),
    Acces.TELEPHONE: ("a-distance",),
    Acces.ORIENTATION: ("en-presentiel",),
    Acces.DECISION_JUDICIAIRE: ("en-presentiel",),
    Acces.PROFESSIONNELS: (),
}

PRESENTER, TELEPHONER, ECRIRE = "se-presenter", "telephoner", "envoyer-un-courriel"
# Ways that an `acces` admits, as far as there is a door, a number, an address to write to.
MODES_MOBILISATION: Mapping[Acces, tuple[str, ...]] = {
    Acces.DIRECT: (PRESENTER, TELEPHONER, ECRIRE),
    Acces.TELEPHONE: (TELEPHONER, ECRIRE),
    Acces.ORIENTATION: (TELEPHONER, ECRIRE),
    # A court decides: nobody asks for it.
    Acces.DECISION_JUDICIAIRE: (),
    Acces.PROFESSIONNELS: (TELEPHONER, ECRIRE),
}

USAGERS, PROFESSIONNELS = "usagers", "professionnels"
MOBILISABLE_PAR: Mapping[Acces, tuple[str, ...]] = {
    Acces.DIRECT: (USAGERS,),
    Acces.TELEPHONE: (USAGERS,),
    # 115 answers everybody, and professionals write to SIAO.
    Acces.ORIENTATION: (USAGERS, PROFESSIONNELS),
    Acces.DECISION_JUDICIAIRE: (),
    Acces.PROFESSIONNELS: (PROFESSIONNELS,),
}
