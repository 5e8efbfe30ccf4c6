/** The extension's settings, made of the schema of what an editor may send to the server. */

/** Stands for "not set", so that maimod.toml or the map decides. */
const AUTO = 'auto';

/**
 * @typedef {Record<string, Record<string, unknown>>} Properties
 * @typedef {{editorOnly: string[], properties: Properties}} Schema
 */

/**
 * The settings that maimod.toml has too, in the schema's order.
 * @param {Schema} schema
 * @returns {Properties}
 */
export function checks(schema) {
    const shared = Object.entries(schema.properties).filter(([key]) => !schema.editorOnly.includes(key));
    return Object.fromEntries(
        shared.map(([key, { description, ...rest }]) => {
            const said = { scope: 'resource', markdownDescription: `${description} In \`maimod.toml\`: \`${key}\`.` };
            return [nameOf(key), { ...said, ...setting(key, rest) }];
        }),
    );
}

/**
 * The settings that only an editor has.
 * @param {Schema} schema
 * @returns {Properties}
 */
export function display(schema) {
    const own = Object.entries(schema.properties).filter(([key]) => schema.editorOnly.includes(key));
    return Object.fromEntries(
        own.map(([key, { description, ...rest }]) => {
            return [nameOf(key), { scope: 'window', markdownDescription: description, ...setting(key, rest) }];
        }),
    );
}

/** @param {string} key */
function nameOf(key) {
    return `maimod.${key.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase())}`;
}

/**
 * @param {string} key
 * @param {Record<string, unknown>} schema
 */
function setting(key, schema) {
    if (Array.isArray(schema['enum'])) {
        return 'default' in schema
            ? { type: 'string', ...schema }
            : { type: 'string', enum: [AUTO, ...schema['enum']], default: AUTO };
    }
    switch (kindOf(schema['type'])) {
        case 'array':
            return { ...schema, default: [], uniqueItems: true };
        case 'object':
            return table(schema);
        case 'number':
            return { ...schema, type: ['number', 'null'], default: null };
        case 'boolean':
            return schema;
        default:
            throw new Error(`docs/schemas/editor-settings-v1.json: "${key}" is of a type that this script does not know`);
    }
}

/** @param {unknown} type */
function kindOf(type) {
    // What may be all or nothing at once, or each by itself, is shown as a table of switches.
    return Array.isArray(type) && type.includes('object') ? 'object' : type;
}

/** @param {Record<string, unknown>} schema */
function table(schema) {
    const known = /** @type {Properties} */ (schema['properties'] ?? {});
    const values = schema['additionalProperties'];
    return {
        ...schema,
        type: 'object',
        additionalProperties: values === undefined || typeof values === 'boolean' ? false : { type: 'string', ...values },
        default: Object.fromEntries(Object.entries(known).map(([name, each]) => [name, each['default']])),
    };
}
