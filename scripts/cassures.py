"""The breaks of `scripts.casser`: one guarantee each, and the tests that keep it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cassure:
    """One change of one file, `avant` standing there once. `essais`: files of tests."""

    nom: str
    fichier: str
    avant: str
    apres: str
    essais: tuple[str, ...]


CASSURES = (
    Cassure(
        "la vue publique lit une ligne privée",
        "cartographie/publication.py",
        "return tuple(c for c in saisie.contacts if c.visibilite is Visibilite.PUBLIQUE)",
        "return saisie.contacts",
        ("tests/test_publication.py",),
    ),
    Cassure(
        "une fiche interne devient visible",
        "cartographie/publication.py",
        "return saisie.statut is Statut.PUBLIE and saisie.diffusion is not Diffusion.INTERNE",
        "return saisie.statut is Statut.PUBLIE",
        ("tests/test_publication.py",),
    ),
    Cassure(
        "le point enregistré d’une zone est publié",
        "cartographie/publication.py",
        "implantations=_zone(saisie, communes) if en_zone else _portes(saisie)",
        "implantations=_portes(saisie)",
        ("tests/test_publication.py",),
    ),
    Cassure(
        "les notes internes entrent dans le résumé public",
        "cartographie/publication.py",
        "conditions=saisie.conditions,",
        "conditions=saisie.conditions or saisie.notes_internes,",
        ("tests/test_publication.py", "tests/mondes/test_routes.py", "tests/mondes/test_hasard.py"),
    ),
    Cassure(
        "une version ancienne écrase la nouvelle",
        "cartographie/registre/fiches.py",
        "    if actuelle != revision_lue:\n        raise ConflitError",
        "    if actuelle < revision_lue:\n        raise ConflitError",
        ("tests/test_registre.py",),
    ),
    Cassure(
        "sql : synchronous=OFF",
        "cartographie/database.py",
        "PRAGMA synchronous=EXTRA",
        "PRAGMA synchronous=OFF",
        ("tests/test_database.py", "tests/test_coupures.py"),
    ),
    Cassure(
        "sql : ce qui est effacé reste dans le fichier",
        "cartographie/database.py",
        "PRAGMA secure_delete=ON",
        "PRAGMA secure_delete=OFF",
        ("tests/test_database.py", "tests/test_diffusion.py"),
    ),
    Cassure(
        "la sortie rapide reste dans le cadre",
        "templates/integration-carte.html",
        'target="_top" rel="noreferrer">Quitter vite',
        'rel="noreferrer">Quitter vite',
        ("tests/test_integration.py",),
    ),
    Cassure(
        "un en-tête manque",
        "cartographie/web/security.py",
        '    "X-Content-Type-Options": "nosniff",\n',
        "",
        ("tests/test_securite.py",),
    ),
    Cassure(
        "la politique de contenu laisse passer les scripts en ligne",
        "cartographie/web/security.py",
        '"script-src": "\'self\'",',
        "\"script-src\": \"'self' 'unsafe-inline'\",",
        ("tests/test_securite.py",),
    ),
    Cassure(
        "ouvrir le lien d’un partenaire confirme sa fiche",
        "cartographie/web/partenaires.py",
        "    return _page(jeton, ouvert)\n\n\n@blueprint.post",
        "    _confirm(ouvert, ouvert.revision)\n"
        "    return _page(jeton, ouvert)\n\n\n@blueprint.post",
        ("tests/test_partenaires.py",),
    ),
    Cassure(
        "une réponse gardée survit à un changement de diffusion",
        "cartographie/web/memoire.py",
        "            self.catalogue is autre.catalogue\n            and ",
        "            ",
        ("tests/test_memoire.py",),
    ),
    Cassure(
        "une formule part telle quelle dans le tableur",
        "cartographie/echanges/cellules.py",
        "perdu or calcule else",
        "perdu else",
        ("tests/test_exports.py",),
    ),
    Cassure(
        "un texte de fiche devient du HTML",
        "templates/_fiche.html",
        "<p>{{ fiche.description }}</p>",
        "<p>{{ fiche.description | safe }}</p>",
        ("tests/test_fiches.py", "tests/injection"),
    ),
    Cassure(
        "une restauration rend ce qui avait été effacé",
        "cartographie/sauvegardes/restauration.py",
        "if nouvelles and registre.replay(",
        "if not nouvelles and registre.replay(",
        ("tests/test_sauvegardes.py",),
    ),
    Cassure(
        "les petits nombres de consultations se lisent",
        "cartographie/secret.py",
        "SEUIL = 5",
        "SEUIL = 1",
        ("tests/test_secret.py",),
    ),
    Cassure(
        "une écriture de /gestion passe sans jeton",
        "cartographie/web/gestion/garde.py",
        "    except ValidationError:\n        return False",
        "    except ValidationError:\n        return True",
        ("tests/test_matrice.py",),
    ),
    Cassure(
        "un éditeur peut ce qui revient à l’administration",
        "cartographie/web/gestion/garde.py",
        "            if not compte_courant().role.permet(demande):",
        "            if not compte_courant():",
        ("tests/test_matrice.py",),
    ),
    Cassure(
        "rien ne freine qui essaie des mots de passe",
        "cartographie/frein.py",
        "    if attente > timedelta():\n        return attente\n",
        "",
        ("tests/test_frein.py",),
    ),
    Cassure(
        "le temps de la réponse dit si le compte existe",
        "cartographie/web/gestion/hachage.py",
        "        ARGON2.verify(empreinte or leurre, normaliser(mot_de_passe))",
        "        if not empreinte:\n            return False\n"
        "        ARGON2.verify(empreinte, normaliser(mot_de_passe))",
        ("tests/test_connexion.py", "tests/test_comptes.py"),
    ),
    Cassure(
        "la panne écrit dans le journal ce qui a été demandé",
        "cartographie/web/erreurs.py",
        "request.method, regle, qui, nom, pile)",
        "request.url, regle, qui, nom, pile)",
        ("tests/test_securite.py", "tests/test_pages.py"),
    ),
    Cassure(
        "la distance se mesure à une autre porte",
        "cartographie/colonnes.py",
        "moins = np.minimum.reduceat(",
        "moins = np.maximum.reduceat(",
        ("tests/test_classement.py",),
    ),
    Cassure(
        "un marqueur n’a pas sa ligne dans la liste",
        "templates/_resultats.html",
        "en_lignes(groupe.resultats, cadre)",
        "en_lignes(groupe.resultats[1:], cadre)",
        ("tests/test_carte_liste.py",),
    ),
    Cassure(
        "une consultation retient la commune cherchée",
        "cartographie/web/mesures.py",
        "(lieu.epci if lieu.dans_isere else HORS_ISERE)",
        "(lieu.code_insee if lieu.dans_isere else HORS_ISERE)",
        ("tests/test_mesures.py", "tests/test_mesures_base.py"),
    ),
)
