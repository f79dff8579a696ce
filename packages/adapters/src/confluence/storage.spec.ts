import { describe, expect, it } from "vitest";
import { toStorage } from "./storage.ts";

describe("Markdown as Confluence stores it", () => {
  it.each([
    ["## A *b* **c** `d<e`", "<h2>A <em>b</em> <strong>c</strong> <code>d&lt;e</code></h2>"],
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>"],
    ["[x](https://example.org/?a=1&b=2)", '<p><a href="https://example.org/?a=1&amp;b=2">x</a></p>'],
    ["[x](javascript:alert(1))", "<p>x</p>"],
    [
      '[x](https://example.org/"onclick=")',
      '<p><a href="https://example.org/&quot;onclick=&quot;">x</a></p>',
    ],
    ["![shot](https://example.org/a.png)", "<p>shot</p>"],
    ["- [x] a\n- [ ] b", "<ul><li>☑ <p>a</p></li><li>☐ <p>b</p></li></ul>"],
    ["a\\\nb", "<p>a<br/>b</p>"],
    ["> q\n\n---", "<blockquote><p>q</p></blockquote><hr/>"],
    [
      "| a | b |\n|---|---|\n| 1 | 2 |",
      "<table><tbody><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></tbody></table>",
    ],
    ["a\u0007b\ufffe", "<p>ab</p>"],
    [
      '{{=macro}} <ac:structured-macro ac:name="html"/>',
      "<p>{{=macro}} &lt;ac:structured-macro ac:name=&quot;html&quot;/&gt;</p>",
    ],
  ])("%s", (markdown, storage) => {
    expect(toStorage(markdown)).toBe(storage);
  });

  it("keeps code whole, what would end it included", () => {
    expect(toStorage("```yaml\na: <b>]]></b>\n```")).toBe(
      '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[a: <b>]]]]><![CDATA[></b>]]></ac:plain-text-body></ac:structured-macro>',
    );
  });
});
