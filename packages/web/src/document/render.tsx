import { Scroll } from "../kit/parts.tsx";
import { type Block, blocksOf, type Inline, inlineOf } from "./markdown.ts";

interface Props {
  readonly text: string;
  /** The level that the document's first heading has on the page. */
  readonly top?: number;
}

/** A document as it is read. */
export function Markdown({ text, top = 3 }: Props) {
  return (
    <>
      {blocksOf(text).map((block, index, all) => (
        <One key={index} block={block} top={top} under={headingOf(all.slice(0, index))} />
      ))}
    </>
  );
}

/** The last heading: what comes is under it. */
function headingOf(blocks: readonly Block[]): string {
  const found = blocks.findLast((block) => block.kind === "heading");
  return found?.kind === "heading" ? found.text : "";
}

interface OneProps {
  readonly block: Block;
  readonly top: number;
  readonly under?: string;
}

function One({ block, top, under = "" }: OneProps) {
  switch (block.kind) {
    case "heading": {
      const Heading = `h${Math.min(6, block.level + top - 1)}` as "h3";
      return (
        <Heading>
          <Line text={block.text} />
        </Heading>
      );
    }
    case "paragraph":
      return (
        <p>
          <Line text={block.text} />
        </p>
      );
    case "quote":
      return (
        <blockquote>
          {block.blocks.map((inner, index) => (
            <One key={index} block={inner} top={top} />
          ))}
        </blockquote>
      );
    case "code":
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      );
    case "rule":
      return <hr />;
    case "list": {
      const items = block.items.map((item, index) => (
        <li key={index}>
          <Line text={item} />
        </li>
      ));
      return block.ordered ? <ol class="plain">{items}</ol> : <ul class="bullets">{items}</ul>;
    }
    case "table":
      return <Table head={block.head} rows={block.rows} under={under} />;
  }
}

function Table({
  head,
  rows,
  under,
}: Omit<Extract<Block, { kind: "table" }>, "kind"> & { readonly under: string }) {
  return (
    <Scroll label={`${under || "Table"}: ${head.join(", ")}`}>
      <table>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col">
                <Line text={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>
                  <Line text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Line({ text }: { readonly text: string }) {
  return <Parts parts={inlineOf(text)} />;
}

function Parts({ parts }: { readonly parts: readonly Inline[] }) {
  return (
    <>
      {parts.map((part, index) => (
        <Part key={index} part={part} />
      ))}
    </>
  );
}

function Part({ part }: { readonly part: Inline }) {
  switch (part.kind) {
    case "text":
      return <>{part.text}</>;
    case "code":
      return <code>{part.text}</code>;
    case "break":
      return <br />;
    case "strong":
      return (
        <strong>
          <Parts parts={part.parts} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Parts parts={part.parts} />
        </em>
      );
    case "del":
      return (
        <s>
          <Parts parts={part.parts} />
        </s>
      );
    case "link":
      return /^https?:/.test(part.href) ? (
        <a href={part.href} rel="noreferrer noopener" target="_blank">
          <Parts parts={part.parts} />
        </a>
      ) : (
        <Parts parts={part.parts} />
      );
  }
}
