import { testMarked } from './marked-lines.ts'

const flask = `from functools import wraps
from flask import Flask, Blueprint, g, request, jsonify, session, redirect, abort
from flask_login import current_user, login_required
from models import Task, db
import store
app = Flask(__name__)
`

testMarked('missing-authentication', {
  'a decorator of the app that looks at the session guards, and helpers that compare owners are believed': {
    'app.py': `${flask}
def signed_in(view):
    @wraps(view)
    def wrapped(**values):
        if g.user is None:
            return redirect('/login')
        return view(**values)
    return wrapped

@app.before_request
def load_user():
    g.user = store.user(session.get('user_id'))

def own_task(id):
    task = store.task(id)
    if task['owner'] != g.user['id']:
        abort(403)
    return task

@app.get('/tasks')
@signed_in
def tasks():
    return jsonify(store.tasks(g.user['id']))

@app.post('/tasks/<int:id>')
@signed_in
def change(id):
    own_task(id)
    store.update(id, request.form['title'])
    return ''

@app.delete('/tasks/<int:id>')  # BAD
def remove(id):
    store.delete(id)
    return ''
`,
  },
  'a decorator written above the route guards nothing': {
    'app.py': `${flask}
@app.get('/tasks')
@login_required
def tasks():
    return jsonify(store.all())

@login_required
@app.post('/tasks/<int:id>/archive')  # BAD
def archive(id):
    store.update(id)
    return ''
`,
  },
  'a function before all requests of a blueprint guards them': {
    'app.py': `${flask}
admin = Blueprint('admin', __name__, url_prefix='/admin')

@admin.before_request
def ask():
    if not current_user.is_authenticated:
        abort(401)

@admin.post('/prices/<int:id>')
def price(id):
    store.update(id)
    return ''

@app.get('/account')
@login_required
def account():
    return ''
app.register_blueprint(admin)
`,
  },
  'an app without any sign-in is left alone': {
    'app.py': `${flask}
@app.post('/tasks')
def add():
    store.add(request.form['title'])
    return ''

@app.delete('/tasks/<int:id>')
def remove(id):
    store.delete(id)
    return ''
`,
  },
  'signing in and up, and what everybody may send, is open': {
    'app.py': `${flask}
@app.get('/account')
@login_required
def account():
    return ''

@app.post('/register')
def register():
    store.add(request.form['name'])
    return ''

@app.post('/users')
def create_user():
    store.add(request.form['name'], hash_password(request.form['password']))
    return ''

@app.post('/posts/<int:id>/comments')
def comment(id):
    store.add(id, request.form['text'])
    return ''

@app.post('/webhooks/payments')
def paid():
    store.update(request.json['id'])
    return ''
`,
  },
  'a secret kept with the record stands for a sign-in': {
    'app.py': `${flask}
@app.get('/account')
@login_required
def account():
    return ''

@app.post('/polls/<int:id>/close')
def close(id):
    poll = store.poll(id)
    if poll['edit_key'] != request.form.get('key'):
        abort(403)
    store.close(id)
    return ''
`,
  },
  'records are found by number alone where others are kept to their owner': {
    'app.py': `${flask}
@app.get('/tasks')
@login_required
def tasks():
    return jsonify([task.title for task in Task.query.filter_by(user_id=current_user.id)])

@app.put('/tasks/<int:id>')
@login_required
def change(id):
    task = Task.query.filter_by(id=id, user_id=current_user.id).first_or_404()
    task.title = request.json['title']
    db.session.commit()
    return ''

@app.delete('/tasks/<int:id>')
@login_required
def remove(id):
    task = Task.query.get_or_404(id)
    if task.user_id != current_user.id:
        abort(403)
    db.session.delete(task)
    db.session.commit()
    return ''

@app.post('/tasks/<int:id>/done')
@login_required
def done(id):
    task = Task.query.get_or_404(id)  # BAD
    task.done = True
    db.session.commit()
    return ''
`,
  },
  'FastAPI: dependencies of parameters, aliases of types, routers and roles': {
    'main.py': `from typing import Annotated
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
import jwt
import store
app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl='token')

def current_user(token: Annotated[str, Depends(scheme)]):
    try:
        name = jwt.decode(token, store.KEY, algorithms=['HS256'])['sub']
    except jwt.PyJWTError:
        raise HTTPException(401)
    return store.user(name)

def admin(user=Depends(current_user)):
    if not user.is_admin:
        raise HTTPException(403)
    return user

CurrentUser = Annotated[dict, Depends(current_user)]
items = APIRouter(prefix='/items', dependencies=[Depends(current_user)])

@items.delete('/{id}')
def remove_item(id: int):
    store.delete(id)

@app.post('/notes')
def add_note(text: str, user: CurrentUser):
    store.add(text)

@app.put('/notes/{id}')  # BAD
def change_note(id: int, text: str):
    store.update(id, text)

@app.get('/users', dependencies=[Depends(admin)])
def users():
    return store.users()

@app.post('/users/{id}/role')  # BAD
def role(id: int, role: str, user: CurrentUser):
    store.set_role(id, role)

app.include_router(items)
`,
  },
  'Django: decorators, mixins, permissions and settings': {
    'views.py': `from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import DeleteView, ListView
from models import Comment, Post

@login_required
def edit(request, pk):
    post = get_object_or_404(Post, pk=pk)
    if post.author != request.user:
        return HttpResponseForbidden()
    post.title = request.POST['title']
    post.save()
    return redirect('/')

def delete_comment(request, pk):  # BAD
    get_object_or_404(Comment, pk=pk).delete()
    return redirect('/')

class Posts(LoginRequiredMixin, ListView):
    model = Post

class RemovePost(DeleteView):  # BAD
    model = Post
`,
    'api.py': `from rest_framework.decorators import api_view
from rest_framework.views import APIView
import store

@api_view(['POST'])
def pay(request, pk):
    store.update(pk)

class Refund(APIView):
    def delete(self, request, pk):
        store.delete(pk)
`,
    'settings.py': "REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n",
  },
})
