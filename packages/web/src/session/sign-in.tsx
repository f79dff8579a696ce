import { useState } from "preact/hooks";
import { useSession } from "./session.tsx";

/** Asks for a token where there is no demonstration. It is kept for this tab alone. */
export function SignIn() {
  const { refused, credentials, signIn } = useSession();
  const [token, setToken] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    if (token.trim() !== "") signIn({ kind: "token", token: token.trim() });
  };
  return (
    <section class="card sign-in">
      <h1 tabIndex={-1}>Sign in</h1>
      {credentials !== undefined && (
        <p role="alert" class="trouble">
          The session was not accepted: {refused}
        </p>
      )}
      <p>
        Paste an access token of your identity provider, or the one that <code>gonogo token</code> gives you.
        It stays in this tab and is forgotten when you close it.
      </p>
      <form onSubmit={submit}>
        <label>
          Access token
          <input
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary" disabled={token.trim() === ""}>
          Sign in
        </button>
      </form>
    </section>
  );
}
