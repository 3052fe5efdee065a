"""Les planifications de Django-Q : on en change l'heure, pas ce qu'elles exécutent."""

from typing import Any

from django import forms
from django.contrib import admin
from django_q.admin import ScheduleAdmin
from django_q.models import Schedule

from simulateur.travaux import garde


class FormulaireDePlanification(forms.ModelForm):
    class Meta:
        model = Schedule
        fields = (*("name", "func", "schedule_type", "minutes", "repeats", "next_run", "cron", "cluster"),)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        permises = garde.fonctions()
        presente = self.instance.func
        if presente and presente not in permises:
            permises = [presente, *permises]
        self.fields["func"] = forms.ChoiceField(label="Fonction", choices=[(nom, nom) for nom in permises])

    def clean(self) -> Any:
        lu = super().clean()
        self.instance.func = (lu or {}).get("func") or self.instance.func
        garde.verifier(self.instance)
        return lu


admin.site.unregister(Schedule)


@admin.register(Schedule)
class PlanificationAdmin(ScheduleAdmin):
    form = FormulaireDePlanification
