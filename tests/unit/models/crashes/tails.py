"""Ends of logs as llama.cpp writes them, by what is behind them."""

DEVICE_MEMORY = """
load_tensors: offloading 32 repeating layers to GPU
ggml_backend_cuda_buffer_type_alloc_buffer: allocating 5120.00 MiB on device 0: cudaMalloc failed: \
out of memory
alloc_tensor_range: failed to allocate CUDA0 buffer of size 5368709120
llama_model_load: error loading model: unable to allocate CUDA0 buffer
llama_model_load_from_file_impl: failed to load model
srv    load_model: failed to load model, '/home/mara/models/m.gguf'
""".strip().splitlines()

VULKAN_MEMORY = """
ggml_vulkan: Device memory allocation of size 1073741824 failed.
ggml_vulkan: vk::Device::allocateMemory: ErrorOutOfDeviceMemory
""".strip().splitlines()

CACHE_MEMORY = """
llama_kv_cache: size = 16384.00 MiB (262144 cells,  32 layers,  1/1 seqs), K (f16), V (f16)
ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 17179869184
llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache
""".strip().splitlines()

FLASH = """
llama_init_from_model: quantized V cache requires flash_attn to be enabled
srv  llama_server: exiting due to model loading error
""".strip().splitlines()

ARCHITECTURE = """
llama_model_loader: - kv   0:  general.architecture str              = qwen9
llama_model_load: error loading model: error loading model architecture: unknown model \
architecture: 'qwen9'
llama_model_load_from_file_impl: failed to load model
""".strip().splitlines()

CUT = """
llama_model_load: error loading model: tensor 'blk.27.ffn_down.weight' data is not within the \
file bounds, model is corrupted or incomplete
llama_model_load_from_file_impl: failed to load model
""".strip().splitlines()

DRIVER = """
ggml_cuda_init: failed to initialize CUDA: CUDA driver version is insufficient for CUDA runtime \
version
""".strip().splitlines()

KERNEL = """
CUDA error: no kernel image is available for execution on the device
  current device: 0, in function ggml_cuda_compute_forward at ggml-cuda.cu:2366
""".strip().splitlines()

ASSERTION = """
/build/ggml/src/ggml-cpu/ops.cpp:7482: GGML_ASSERT(i01 >= 0 && i01 < ne01) failed
""".strip().splitlines()

LOADER = """
llama-server: error while loading shared libraries: libcudart.so.12: cannot open shared object \
file: No such file or directory
""".strip().splitlines()

DRAFT = """
common_speculative_are_compatible: draft model vocab type must match target model to use speculation
srv    load_model: failed to load draft model, '/models/d.gguf'
""".strip().splitlines()

RUNNER_MEMORY = [
    "llama_context: CPU output buffer size = 0.58 MiB",
    '{"event": "failed", "code": "out_of_memory", "message": "The context needs 9.1 GB."}',
]
