import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { signIn } from '../api/session.ts'
import { Button } from '../components/button.tsx'
import { TextField } from '../components/field.tsx'
import { ActionProblem } from '../components/notices.tsx'

/** Shown in place of every screen until the server knows who is asking; the address stays as it was. */
export const SignIn = () => {
  const client = useQueryClient()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useMutation({
    mutationFn: () => signIn(email, password),
    onSuccess: () => client.resetQueries(),
  })
  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <form
        className="panel flex w-full max-w-sm flex-col gap-4 p-6"
        onSubmit={(event) => {
          event.preventDefault()
          enter.mutate()
        }}
      >
        <h1 className="flex items-center gap-2 text-xl">
          <img src="/icon.svg" alt="" className="size-6" />
          Sign in to Assay
        </h1>
        <TextField label="E-mail" type="email" autoComplete="username" required value={email} onChange={setEmail} />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={setPassword}
          hint="Forgotten? An admin of the workspace can set a new one."
        />
        <ActionProblem error={enter.error} />
        <Button type="submit" look="primary" busy={enter.isPending}>
          {enter.isPending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
    </main>
  )
}
