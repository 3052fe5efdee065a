# Image de production : web et ouvrier (compose.yaml choisit la commande).
FROM python:3.11-slim AS construction
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
# Des roues seulement : l'image n'a pas de compilateur, un manque doit se voir ici.
RUN /opt/venv/bin/pip install --only-binary :all: -r /tmp/requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_TRIM_THRESHOLD_=134217728 \
    MALLOC_MMAP_THRESHOLD_=33554432 \
    SIMULATEUR_MODE=production \
    DOSSIER_DONNEES=/donnees \
    PROMETHEUS_MULTIPROC_DIR=/mesures \
    ADRESSE=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --no-create-home simulateur \
    && install -d -o simulateur -g simulateur /donnees /mesures
COPY --from=construction /opt/venv /opt/venv
WORKDIR /app
COPY manage.py requirements.txt ./
COPY simulateur simulateur
COPY referentiels referentiels
COPY simulations simulations
COPY euromillions euromillions
COPY templates templates
COPY static static
# Réglages d'emprunt, le temps de collecter : rien n'en reste dans l'image.
RUN SECRET_KEY=construction ALLOWED_HOSTS=construction DATABASE_URL=postgres://construction@localhost/construction \
    REDIS_URL=redis://localhost PROMETHEUS_MULTIPROC_DIR= \
    python manage.py collectstatic --noinput
USER simulateur
EXPOSE 8000
# Arrêt : gunicorn et le chien de garde finissent proprement sur SIGTERM.
CMD ["gunicorn", "-c", "python:simulateur.exploitation.serveur_web", "simulateur.wsgi"]
