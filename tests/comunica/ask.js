// Puts queries to sources with Comunica: a JSON list of {sources, query} on standard input, its answers on standard output.
const { QueryEngine } = require(require.resolve('@comunica/query-sparql', { paths: [process.argv[2]] }));

const TYPES = {
  bindings: 'application/sparql-results+json',
  boolean: 'application/sparql-results+json',
  quads: 'application/n-triples',
};

async function text(stream) {
  const parts = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}

async function main() {
  const engine = new QueryEngine();
  const answers = [];
  for (const { sources, query } of JSON.parse(await text(process.stdin))) {
    const result = await engine.query(query, { sources });
    const { data } = await engine.resultToString(result, TYPES[result.resultType]);
    answers.push(await text(data));
  }
  process.stdout.write(JSON.stringify(answers));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
