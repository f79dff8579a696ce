import { useState } from "preact/hooks";
import { Loading, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { goToProvider } from "./provider.ts";
import { useSession } from "./session.tsx";

/** Sends people to their identity provider, or asks for a token. Either is kept for this tab alone. */
export function SignIn() {
  const { refused, client } = useSession();
  const { value, error, again } = useLoaded(() => client.signInWays(), []);
  const isAway = value?.some(({ at }) => at === undefined);
  return (
    <section class="card sign-in">
      <h1 tabIndex={-1}>Sign in</h1>
      {refused && (
        <p role="alert" class="trouble">
          Not signed in: {refused}
        </p>
      )}
      {value === undefined && error === undefined && <Loading what="where to sign in" />}
      {error !== undefined && <Trouble error={error} retry={again} />}
      {value?.map((way) => (
        <button
          key={way.issuer}
          type="button"
          class="primary"
          disabled={way.at === undefined}
          onClick={() => void goToProvider(way)}
        >
          Sign in with {way.name}
          {way.at === undefined && ", which cannot be reached"}
        </button>
      ))}
      {isAway && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
      {value !== undefined && (
        <details open={value.length === 0}>
          <summary>With a token</summary>
          <Token />
        </details>
      )}
    </section>
  );
}

function Token() {
  const { signIn } = useSession();
  const [token, setToken] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    signIn({ kind: "token", token: token.trim() });
  };
  return (
    <form onSubmit={submit}>
      <p>Of your identity provider, or a key. It stays in this tab and is forgotten when you close it.</p>
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
      <button type="submit" disabled={token.trim() === ""}>
        Sign in
      </button>
    </form>
  );
}
