/** The editor's settings, made of the schema of maimod.toml. */

/** What an editor has no use for: it says how a command ends. */
export const COMMAND_LINE_ONLY = ['fail-on'];
/** Stands for "not set", so that maimod.toml or the map decides. */
const AUTO = 'auto';

/**
 * The properties of the package's generated part, in the schema's order.
 * @param {{properties: Record<string, Record<string, unknown>>}} schema
 * @returns {Record<string, Record<string, unknown>>}
 */
export function mirrored(schema) {
    const entries = Object.entries(schema.properties).filter(([key]) => !COMMAND_LINE_ONLY.includes(key));
    return Object.fromEntries(entries.map(([key, value]) => [`maimod.${camelCase(key)}`, setting(key, value)]));
}

/** @param {string} key */
function camelCase(key) {
    return key.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}

/**
 * @param {string} key
 * @param {Record<string, unknown>} schema
 */
function setting(key, schema) {
    const { description, ...rest } = schema;
    const common = { scope: 'resource', markdownDescription: `${description} In \`maimod.toml\`: \`${key}\`.` };
    if (Array.isArray(rest['enum'])) {
        return { ...common, type: 'string', enum: [AUTO, ...rest['enum']], default: AUTO };
    }
    switch (rest['type']) {
        case 'array':
            return { ...common, ...rest, default: [], uniqueItems: true };
        case 'object': {
            const values = { type: 'string', .../** @type {object} */ (rest['additionalProperties']) };
            return { ...common, ...rest, additionalProperties: values, default: {} };
        }
        case 'number':
            return { ...common, ...rest, type: ['number', 'null'], default: null };
        case 'boolean':
            return { ...common, ...rest };
        default:
            throw new Error(`docs/schemas/config-v1.json: "${key}" is of a type that this script does not know`);
    }
}
