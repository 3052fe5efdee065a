"""Lie un programme à la vie de son parent, puis s'efface devant lui (`exec`).

    python -I -S lien.py PID_PARENT SIGNAL UTILISATEUR|- PROGRAMME [ARGUMENTS…]

Sous Linux le noyau envoie SIGNAL au programme dès que le parent meurt, même d'un kill -9 : rien ne
survit. Un exécutable à part plutôt qu'un `preexec_fn` : celui-ci peut bloquer un parent qui a des fils
d'exécution. Ce fichier ne dépend que de la bibliothèque standard et n'importe pas le projet.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def principal(arguments: list[str]) -> None:
    parent, signal, utilisateur, *programme = arguments
    if utilisateur != "-":
        devenir(utilisateur)
    # Après le changement d'utilisateur, qui efface ce réglage du noyau.
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal), 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit("Le parent est mort avant d'avoir pu lancer ce programme.")
    os.execvp(programme[0], programme)


def devenir(utilisateur: str) -> None:
    import pwd

    compte = pwd.getpwnam(utilisateur)
    os.setgroups([])
    os.setgid(compte.pw_gid)
    os.setuid(compte.pw_uid)


if __name__ == "__main__":
    principal(sys.argv[1:])
