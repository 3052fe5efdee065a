"""Réglages de gunicorn : `gunicorn -c python:simulateur.services.serveur_web simulateur.wsgi`.

Sans --preload : une réserve de connexions ne survit pas à un fork. Lus dans l'environnement : ADRESSE,
PORT, WEB_PROCESSUS, WEB_FILS.
"""

import os

from simulateur import environnement as env

bind = f"{env.texte('ADRESSE', '127.0.0.1')}:{env.entier('PORT', 8000, minimum=1, maximum=65535)}"
workers = env.entier("WEB_PROCESSUS", 2, minimum=1, maximum=64)
threads = env.entier("WEB_FILS", 4, minimum=1, maximum=64)
worker_class = "gthread"
timeout = 60
graceful_timeout = 10
control_socket_disable = True
# Le battement de gunicorn passe par un fichier : en mémoire, un disque lent ne le fait pas passer pour mort.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
