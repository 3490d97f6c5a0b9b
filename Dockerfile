# Dependencies are installed in a first stage; the second one has neither pip's cache nor the files it needed.
FROM python:3.11-slim AS dependencies
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
# Only what says which packages are needed, so that this layer stays as it is while the code changes. An editable
# install puts /app on Python's path: the portal is run from its folder.
COPY pyproject.toml README.md LICENSE ./
RUN /venv/bin/pip install --editable .

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --no-create-home portal
WORKDIR /app
COPY --from=dependencies /venv /venv
COPY . .
# Needs no key and no database.
RUN python manage.py collectstatic --noinput --verbosity 0
USER portal
EXPOSE 8000
# The rest of its options is in gunicorn.conf.py.
CMD ["gunicorn", "offorte_portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm"]
