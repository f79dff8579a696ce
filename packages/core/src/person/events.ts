/** The name that belonged to an id was erased; the id stays in the logs, and says nothing of anybody. */
export interface PersonEvent {
  readonly type: "NameForgotten";
  readonly person: string;
}
