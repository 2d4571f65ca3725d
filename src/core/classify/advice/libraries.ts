import { hint, type Hint } from './hint.ts';

/** As a script reads it, in advice; nothing is read here. */
const JS_VARIABLE = ['process', 'env', 'GEMINI_API_KEY'].join('.');

/** One line for each library that shows in a text; of those out of support, what came after them. */
export const LIBRARIES: readonly Hint[] = [
  hint(
    /google\.generativeai|google-generativeai|generativeai\.configure|google\.api_core\.exceptions/,
    'Python: google.generativeai is out of support. With google-genai: client = genai.Client(api_key=os.environ["GEMINI_API_KEY"])',
  ),
  hint(
    /\[googlegenerativeai error\]|@google\/generative-ai/,
    `JavaScript: @google/generative-ai is out of support. With @google/genai: new GoogleGenAI({ apiKey: ${JS_VARIABLE} })`,
  ),
  hint(
    /google\.genai|google-genai\b|genai\.errors/,
    'Python (google-genai): client = genai.Client(api_key=os.environ["GEMINI_API_KEY"])',
  ),
  hint(/@google\/genai|googlegenai\b/, `JavaScript (@google/genai): new GoogleGenAI({ apiKey: ${JS_VARIABLE} })`),
  hint(
    /chatgooglegenerativeai|langchain/,
    'LangChain: ChatGoogleGenerativeAI(model=…, google_api_key=os.environ["GEMINI_API_KEY"])',
  ),
  hint(
    /litellm/,
    'LiteLLM: completion(model="gemini/…", api_key=os.environ["GEMINI_API_KEY"]); the prefix vertex_ai/ takes no such key',
  ),
  hint(
    /ai_apicallerror|@ai-sdk|google_generative_ai_api_key/,
    `Vercel AI SDK: createGoogleGenerativeAI({ apiKey: ${JS_VARIABLE} }); alone it reads GOOGLE_GENERATIVE_AI_API_KEY`,
  ),
  hint(
    /openai\.(?:authentication|badrequest|permissiondenied)|openai\/|from openai/,
    'OpenAI’s library: OpenAI(api_key=os.environ["GEMINI_API_KEY"], base_url="https://generativelanguage.googleapis.com/v1beta/openai/")',
  ),
  hint(
    /google\.golang\.org\/genai|googleapi: error/,
    'Go (google.golang.org/genai): genai.NewClient(ctx, &genai.ClientConfig{APIKey: os.Getenv("GEMINI_API_KEY"), Backend: genai.BackendGeminiAPI})',
  ),
  hint(
    /com\.google\.genai|io\.grpc\.statusruntimeexception/,
    'Java (com.google.genai): Client.builder().apiKey(System.getenv("GEMINI_API_KEY")).build()',
  ),
];
