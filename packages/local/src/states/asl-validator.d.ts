/** The part of asl-validator that is called; the package ships no types. */
declare module "asl-validator" {
  interface SchemaError {
    readonly instancePath: string;
    readonly message?: string;
  }
  interface StructureError {
    readonly "Error code": string;
    readonly Message: string;
    readonly schemaError?: { readonly instancePath: string };
  }
  /** Writes the default QueryLanguage into the definition it is given. */
  export default function validate(
    definition: object,
    options: { readonly checkPaths: boolean; readonly checkArn: boolean },
  ): { readonly isValid: boolean; readonly errors: readonly (SchemaError | StructureError)[] };
}
