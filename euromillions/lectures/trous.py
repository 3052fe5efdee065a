"""Les dates de tirage qui manquent à une sélection : ce que ses écarts enjambent sans le savoir."""

from datetime import date

from euromillions.jeu import calendrier
from euromillions.lectures.filtre import Filtre
from euromillions.models import Ere, Tirage
from euromillions.statistiques import Historique


def trous(filtre: Filtre, historique: Historique) -> list[str]:
    """Dates ISO croissantes, entre le premier et le dernier tirage choisis, que la sélection aurait eues."""
    if not len(historique):
        return []
    premier, dernier = (jour.astype(date) for jour in historique.jours[[0, -1]])
    eres = list(Ere.objects.dans_l_ordre())
    attendus = {
        jour
        for ere in eres
        if filtre.admet_l_ere(ere.code)
        for jour in calendrier.jours_de_tirage([ere], jusqu_au=dernier)
        if jour >= premier and filtre.admet_le_jour(jour)
    }
    presents = set(Tirage.objects.filter(date__range=(premier, dernier)).values_list("date", flat=True))
    return [jour.isoformat() for jour in sorted(attendus - presents)]
