/**
 * The header that has a file saved under its name, and not shown. Names that are not plain ASCII go in the form
 * of RFC 8187, with a plain one beside it for what cannot read that.
 */
export function attachment(fileName: string): string {
  const plain = fileName.replaceAll(/[^\w.() -]/g, "_");
  const encoded = encodeURIComponent(fileName).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
