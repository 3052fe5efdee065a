"""Les questions de `perms`, posées à la façon de DRF."""

from typing import Any

from rest_framework import permissions
from rest_framework.request import Request

from euromillions.perms import peut_consulter, peut_gerer_les_tirages


class Consulter(permissions.BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return peut_consulter(request.user)


class ConsulterOuGerer(permissions.BasePermission):
    message = "Seul le personnel ajoute, corrige ou supprime un tirage."

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in permissions.SAFE_METHODS:
            return peut_consulter(request.user)
        return peut_gerer_les_tirages(request.user)


class DuPersonnel(permissions.BasePermission):
    message = "Réservé au personnel."

    def has_permission(self, request: Request, view: Any) -> bool:
        return peut_gerer_les_tirages(request.user)
