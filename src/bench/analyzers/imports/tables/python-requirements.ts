/** What installs along with a distribution. Source: `Requires-Dist` of the distributions' own wheels (2024 to 2026). */
const requirements: Readonly<Record<string, string>> = {
  aiohttp: 'aiohappyeyeballs aiosignal attrs frozenlist multidict propcache yarl',
  alembic: 'mako sqlalchemy typing-extensions',
  altair: 'jinja2 jsonschema narwhals packaging',
  anthropic: 'anyio distro docstring-parser httpx httpx2 jiter pydantic sniffio typing-extensions',
  apscheduler: 'tzlocal',
  authlib: 'cryptography joserfc',
  beautifulsoup4: 'soupsieve typing-extensions',
  black: 'click mypy-extensions packaging pathspec platformdirs pytokens',
  boto3: 'botocore jmespath s3transfer',
  botocore: 'jmespath python-dateutil urllib3',
  celery: 'billiard click click-didyoumean click-plugins click-repl kombu python-dateutil tzlocal vine',
  cryptography: 'cffi',
  dash: 'comm flask importlib-metadata janus nest-asyncio plotly pydantic requests retrying setuptools typing-extensions werkzeug',
  django: 'asgiref sqlparse',
  elasticsearch: 'anyio elastic-transport python-dateutil sniffio typing-extensions',
  fastapi: 'annotated-doc opentelemetry-api pydantic starlette typing-extensions typing-inspection',
  fastmcp: 'fastmcp-slim',
  flask: 'blinker click itsdangerous jinja2 markupsafe werkzeug',
  'flask-bcrypt': 'bcrypt flask',
  'flask-cors': 'flask werkzeug',
  'flask-jwt-extended': 'flask pyjwt werkzeug',
  'flask-login': 'flask werkzeug',
  'flask-restful': 'aniso8601 flask pytz six',
  'flask-session': 'cachelib flask msgspec',
  'flask-sqlalchemy': 'flask sqlalchemy',
  'flask-wtf': 'flask itsdangerous wtforms',
  'google-api-python-client': 'google-api-core google-auth google-auth-httplib2 httplib2 uritemplate',
  'google-auth': 'cryptography pyasn1-modules',
  'google-genai': 'anyio distro google-auth httpx pydantic requests sniffio tenacity typing-extensions websockets',
  httpx: 'anyio certifi httpcore idna',
  'huggingface-hub': 'click filelock fsspec hf-xet httpx packaging pyyaml tqdm typing-extensions',
  ipython: 'ipython-pygments-lexers jedi matplotlib-inline prompt-toolkit psutil pygments stack-data traitlets',
  jinja2: 'markupsafe',
  joblib: 'cloudpickle',
  jsonschema: 'attrs jsonschema-specifications referencing rpds-py',
  jupyter: 'ipykernel ipywidgets jupyter-console jupyterlab nbconvert notebook',
  kombu: 'amqp packaging tzdata vine',
  langchain: 'langchain-core langgraph pydantic',
  'langchain-community':
    'aiohttp httpx-sse langchain-classic langchain-core langsmith numpy pydantic-settings pyyaml requests sqlalchemy tenacity',
  'langchain-core':
    'httpx jsonpatch langchain-protocol langsmith packaging pydantic pyyaml tenacity typing-extensions uuid-utils',
  'langchain-openai': 'certifi langchain-core openai tiktoken',
  langgraph: 'langchain-core langgraph-checkpoint langgraph-prebuilt langgraph-sdk pydantic xxhash',
  mako: 'markupsafe',
  matplotlib: 'contourpy cycler fonttools kiwisolver numpy packaging pillow pyparsing python-dateutil',
  mcp: 'anyio httpx2 jsonschema mcp-types opentelemetry-api pydantic pyjwt python-multipart sse-starlette starlette typing-extensions typing-inspection uvicorn',
  motor: 'pymongo',
  nltk: 'click defusedxml joblib regex tqdm',
  openai: 'anyio distro httpx httpx2 jiter pydantic sniffio tqdm typing-extensions',
  openpyxl: 'et-xmlfile',
  pandas: 'numpy python-dateutil pytz tzdata',
  paramiko: 'bcrypt cryptography invoke pynacl',
  plotly: 'narwhals packaging',
  playwright: 'greenlet pyee',
  polars: 'polars-runtime-32',
  pydantic: 'annotated-types pydantic-core typing-extensions typing-inspection',
  'pydantic-settings': 'pydantic python-dotenv typing-inspection',
  pygithub: 'pyjwt pynacl requests typing-extensions urllib3',
  pymongo: 'dnspython',
  pynacl: 'cffi',
  pyopenssl: 'cryptography',
  pytest: 'iniconfig packaging pluggy pygments',
  'python-dateutil': 'six',
  requests: 'certifi charset-normalizer idna urllib3',
  'requests-oauthlib': 'oauthlib requests',
  rich: 'markdown-it-py pygments',
  'scikit-learn': 'joblib numpy scipy threadpoolctl',
  scipy: 'numpy',
  seaborn: 'matplotlib numpy pandas',
  selenium: 'certifi trio trio-websocket typing-extensions urllib3 websocket-client',
  'sentence-transformers':
    'huggingface-hub numpy scikit-learn scipy tokenizers torch tqdm transformers typing-extensions',
  sphinx:
    'alabaster babel docutils imagesize jinja2 packaging pygments requests roman-numerals snowballstemmer sphinxcontrib-applehelp sphinxcontrib-devhelp sphinxcontrib-htmlhelp sphinxcontrib-jsmath sphinxcontrib-qthelp sphinxcontrib-serializinghtml',
  sqlalchemy: 'typing-extensions',
  sqlmodel: 'pydantic sqlalchemy typing-extensions',
  'sse-starlette': 'anyio starlette',
  starlette: 'anyio',
  statsmodels: 'formulaic numpy packaging pandas patsy scipy',
  streamlit:
    'altair anyio click httptools itsdangerous numpy packaging pandas pillow protobuf pyarrow pydeck python-multipart requests starlette toml typing-extensions uvicorn watchdog websockets',
  supabase: 'httpx postgrest realtime storage3 supabase-auth supabase-functions yarl',
  sympy: 'mpmath',
  'tensorflow-cpu':
    'absl-py astunparse flatbuffers gast google-pasta grpcio h5py keras libclang ml-dtypes numpy opt-einsum packaging protobuf requests setuptools six termcolor typing-extensions wrapt',
  torch:
    'cuda-toolkit filelock fsspec jinja2 networkx nvidia-cudnn-cu13 nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvshmem-cu13 setuptools sympy typing-extensions',
  torchvision: 'numpy pillow torch',
  transformers: 'filelock huggingface-hub numpy packaging pyyaml regex requests safetensors tokenizers tqdm',
  twisted: 'attrs automat constantly hyperlink incremental typing-extensions zope-interface',
  typer: 'annotated-doc rich shellingham',
  uvicorn: 'click h11',
  wtforms: 'markupsafe',
  werkzeug: 'markupsafe',
  yfinance:
    'beautifulsoup4 curl-cffi lxml multitasking numpy pandas peewee platformdirs protobuf pytz requests websockets',
  spacy:
    'catalogue click confection cymem jinja2 murmurhash numpy packaging preshed pydantic requests setuptools spacy-legacy spacy-loggers srsly thinc tqdm typer wasabi weasel',
  flake8: 'mccabe pycodestyle pyflakes',
  pylint: 'astroid dill isort mccabe platformdirs tomlkit',
  mypy: 'ast-serialize librt mypy-extensions pathspec typing-extensions',
  hypothesis: 'sortedcontainers',
  'email-validator': 'dnspython idna',
  tiktoken: 'regex requests',
  tokenizers: 'huggingface-hub',
  datasets:
    'dill filelock fsspec httpx huggingface-hub multiprocess numpy packaging pandas pyarrow pyyaml requests tqdm xxhash',
  docker: 'requests urllib3',
  trio: 'attrs cffi idna outcome sniffio sortedcontainers',
  channels: 'asgiref django',
  djangorestframework: 'django',
  'djangorestframework-simplejwt': 'django djangorestframework pyjwt',
  'django-cors-headers': 'asgiref django',
  'django-filter': 'django',
  'drf-yasg': 'django djangorestframework inflection packaging pytz pyyaml uritemplate',
  'flask-admin': 'flask jinja2 markupsafe werkzeug wtforms',
  'flask-caching': 'cachelib flask',
  'flask-limiter': 'flask limits ordered-set rich typing-extensions',
  'flask-mail': 'blinker flask',
  'flask-marshmallow': 'flask marshmallow',
  'flask-migrate': 'alembic flask flask-sqlalchemy',
  'flask-pymongo': 'flask pymongo',
  'flask-restx': 'aniso8601 flask importlib-resources jsonschema pytz werkzeug',
  'flask-smorest': 'apispec flask marshmallow webargs werkzeug',
  'flask-socketio': 'flask python-socketio',
  gradio:
    'aiofiles anyio fastapi httpx huggingface-hub jinja2 markupsafe numpy orjson packaging pandas pillow pydantic python-multipart pyyaml starlette typer typing-extensions uvicorn',
  graphene: 'graphql-core graphql-relay',
  'marshmallow-sqlalchemy': 'marshmallow sqlalchemy',
  'pytest-cov': 'coverage pytest',
  'pytest-django': 'pytest',
  'python-jose': 'ecdsa pyasn1 rsa',
  'python-socketio': 'bidict python-engineio',
  quart: 'aiofiles blinker click flask hypercorn itsdangerous jinja2 markupsafe werkzeug',
  sanic: 'aiofiles httptools multidict sanic-routing uvloop websockets',
  scrapy:
    'cssselect itemadapter itemloaders lxml parsel pydispatcher pyopenssl queuelib service-identity twisted w3lib zope-interface',
  tensorflow:
    'absl-py flatbuffers gast grpcio h5py keras ml-dtypes numpy packaging protobuf requests setuptools six tensorboard termcolor typing-extensions wrapt',
}

/** Everything that is installed along with the given distributions, mapped to the one that brings it. */
export function installedAlong(distributions: Iterable<string>): ReadonlyMap<string, string> {
  const brought = new Map<string, string>()
  const queue = [...distributions].map((name) => [name, name] as const)
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, root] = next
    for (const required of (Object.hasOwn(requirements, name) ? requirements[name] : undefined)?.split(' ') ?? []) {
      if (brought.has(required)) continue
      brought.set(required, root)
      queue.push([required, root])
    }
  }
  return brought
}
