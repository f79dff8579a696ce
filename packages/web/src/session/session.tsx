import { ApiError, type DemoState, Gonogo, type Me } from "@gonogo/client";
import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { hear } from "../clock/clock.ts";
import { useVisits } from "../kit/use-loaded.ts";
import { Live, type LiveMode } from "../live/live.ts";
import { type Credentials, headersOf, storeCredentials, storedCredentials } from "./credentials.ts";
import { leaveProvider, takeAnswer } from "./provider.ts";

export interface Session {
  readonly client: Gonogo;
  readonly live: Live;
  readonly mode: LiveMode;
  readonly me?: Me;
  readonly demo?: DemoState;
  readonly credentials?: Credentials;
  /** Why nobody is signed in; empty where nobody has tried. */
  readonly refused?: string;
  /** Since when the server does not answer. Milliseconds of the viewer's clock. */
  readonly lostSince?: number;
  readonly signIn: (credentials: Credentials | undefined) => void;
  /** Here, and at the provider where it has a place for that. */
  readonly signOut: () => Promise<void>;
  readonly setDemo: (demo: DemoState) => void;
  /** Says something to those who listen rather than look. */
  readonly announce: (text: string, tone?: "good" | "bad") => void;
  readonly said?: { readonly text: string; readonly tone: "good" | "bad" };
}

const Context = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(Context);
  if (session === undefined) throw new Error("used outside of <SessionProvider>");
  return session;
}

/** Whether an answer came from gonogo, or from something that stands before it while it is away. */
function isOurs(response: Response): boolean {
  if (response.ok || response.status === 304) return true;
  return response.headers.get("content-type")?.includes("json") === true;
}

export function SessionProvider({ children }: { readonly children: ComponentChildren }) {
  const [answer, setAnswer] = useState(takeAnswer);
  const [credentials, setCredentials] = useState(storedCredentials);
  const [me, setMe] = useState<Me>();
  const [demo, setDemo] = useState<DemoState>();
  const [hasDemo, setHasDemo] = useState<boolean>();
  const [refused, setRefused] = useState<string>();
  const [lostSince, setLostSince] = useState<number>();
  const [said, setSaid] = useState<Session["said"]>();
  const [mode, setMode] = useState<LiveMode>("connecting");
  const current = useRef(credentials);
  current.current = credentials;

  const client = useMemo(() => {
    const tracked: typeof fetch = async (input, init) => {
      try {
        const response = await fetch(input, init);
        setLostSince((since) => (isOurs(response) ? undefined : (since ?? Date.now())));
        if (response.status === 401 && current.current !== undefined) {
          // Whatever was typed is kept; what needs a session waits until there is one again.
          setMe(undefined);
          setRefused((why) => why ?? "it has ended; sign in again");
        }
        return response;
      } catch (error) {
        setLostSince((since) => since ?? Date.now());
        throw error;
      }
    };
    return new Gonogo({ base: location.origin, headers: () => headersOf(current.current), fetch: tracked });
  }, []);

  const live = useMemo(() => {
    const onLost = (isLost: boolean) => setLostSince((since) => (isLost ? (since ?? Date.now()) : undefined));
    return new Live(client, { onMode: setMode, onLost });
  }, [client]);
  // The stream is opened once it is known who asks, and again for another.
  const isKnown = me !== undefined;
  useEffect(() => (isKnown ? live.start() : undefined), [live, isKnown]);

  const signIn = (next: Credentials | undefined) => {
    storeCredentials(next);
    current.current = next;
    setCredentials(next);
    setMe(undefined);
    setRefused(undefined);
  };

  const signOut = async () => {
    const issuer = credentials?.kind === "token" ? credentials.issuer : undefined;
    signIn(undefined);
    if (issuer === undefined) return;
    const ways = await client.signInWays().catch(() => []);
    const at = ways.find((way) => way.issuer === issuer)?.at;
    if (at?.end !== undefined) leaveProvider(at.end, at.clientId);
  };

  // Once: a code is good for one try.
  useEffect(() => {
    const fail = (error: unknown) => setRefused(error instanceof Error ? error.message : String(error));
    if (answer === "lost") fail("this tab did not ask for it; sign in again");
    else if (answer !== undefined) {
      client
        .signIn(answer)
        .then(({ token }) => signIn({ kind: "token", token, issuer: answer.issuer }), fail)
        .finally(() => setAnswer(undefined));
    }
  }, []);

  const visit = async () => {
    if (answer !== undefined && answer !== "lost") return;
    if (hasDemo !== false) {
      try {
        const state = await client.demo();
        hear(state.now, state.speed);
        setDemo(state);
        setHasDemo(true);
        const [first] = state.people;
        if (current.current === undefined && first !== undefined) signIn({ kind: "demo", id: first.id });
      } catch (error) {
        if (error instanceof ApiError) setHasDemo(false);
      }
    }
    try {
      if (me !== undefined) return;
      // What was refused is refused: it is asked again when there is something new to show.
      if (current.current === undefined) setRefused((why) => why ?? "");
      else if (refused === undefined || demo !== undefined) {
        setMe(await client.me());
        setRefused(undefined);
      }
    } catch (error) {
      if (error instanceof ApiError && [401, 403].includes(error.problem.status)) {
        setRefused(error.message);
      }
    }
  };
  useVisits(visit, { visibleMs: 2000, hiddenMs: 10_000 }, [credentials, answer]);

  useEffect(() => {
    if (said?.tone !== "good") return;
    const timer = setTimeout(() => setSaid(undefined), 8_000);
    return () => clearTimeout(timer);
  }, [said]);

  const session: Session = {
    client,
    live,
    mode,
    signIn,
    signOut,
    setDemo: (state) => {
      hear(state.now, state.speed);
      setDemo(state);
    },
    announce: (text, tone = "good") => setSaid(text === "" ? undefined : { text, tone }),
    ...(me === undefined ? {} : { me }),
    ...(demo === undefined ? {} : { demo }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(refused === undefined ? {} : { refused }),
    ...(lostSince === undefined ? {} : { lostSince }),
    ...(said === undefined ? {} : { said }),
  };
  return <Context.Provider value={session}>{children}</Context.Provider>;
}
